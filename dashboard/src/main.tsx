// Where the page begins: one picture of the venue, and the page that shows it.

import { render } from "solid-js/web";
import { App } from "./app";
import { Venue } from "./live/venue";

const venue = new Venue();
venue.start();
render(() => <App venue={venue} />, document.getElementById("page") as HTMLElement);
