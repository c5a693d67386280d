// What the shell takes from this room.

export { AccountsRoom } from "./room";
