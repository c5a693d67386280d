// What the shell takes from this room.

export { MarketRoom } from "./room";
