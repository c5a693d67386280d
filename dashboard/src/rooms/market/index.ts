// What the shell takes from this room.

export { type MarketAct, MarketRoom } from "./room";
