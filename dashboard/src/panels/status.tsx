// A status, by colour, shape and word: none of the three alone has to carry it.

import type { Status } from "../model/change";
import { STATUS_WORD } from "../model/status";

export function StatusMark(props: { readonly status: Status }) {
  return (
    <span class="status" data-status={props.status}>
      <span class="status-mark" aria-hidden="true" />
      <span class="status-word">{STATUS_WORD[props.status]}</span>
    </span>
  );
}
