// A status, by colour, shape and word: none of the three alone has to carry it.

import type { Status } from "../model/change";
import { STATUS_WORD } from "../model/status";
import { STATE_WORD, type State } from "../model/terms";

/** With its state, where that is known, the word is that of the state: it says more. */
export function StatusMark(props: { readonly status: Status; readonly state?: State | undefined }) {
  return (
    <span class="status" data-status={props.status} data-state={props.state}>
      <span class="status-mark" aria-hidden="true" />
      <span class="status-word">{props.state === undefined ? STATUS_WORD[props.status] : STATE_WORD[props.state]}</span>
    </span>
  );
}
