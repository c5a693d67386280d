// A field with its label, and what is wrong with it.

import { createUniqueId, type JSX, Show } from "solid-js";

export interface FieldAttributes {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

export function Field(props: {
  readonly label: string;
  readonly fault: string | undefined;
  readonly children: (field: FieldAttributes) => JSX.Element;
}) {
  const id = createUniqueId();
  const attributes: FieldAttributes = {
    id,
    get "aria-invalid"() {
      return props.fault !== undefined;
    },
    get "aria-describedby"() {
      return props.fault === undefined ? undefined : `${id}-fault`;
    },
  };
  return (
    <div class="labelled">
      <label for={id}>{props.label}</label>
      {props.children(attributes)}
      <Show when={props.fault}>
        <p class="fault" id={`${id}-fault`}>
          {props.fault}
        </p>
      </Show>
    </div>
  );
}
