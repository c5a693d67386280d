// What the shell takes from this room.

export { RulesRoom } from "./room";
