// Where the page begins: one picture of the venue, and the page that shows it.

import { render } from "solid-js/web";
import { settle } from "./api/here";
import { App } from "./app";
import { Venue } from "./live/venue";
import { readPlace } from "./shell/address";

settle(readPlace(location.hash).venue);
const venue = new Venue();
venue.start();
render(() => <App venue={venue} />, document.getElementById("page") as HTMLElement);
