// What the shell takes from this room.

export type { PulseProps } from "./props";
export { PulseRoom } from "./room";
