// How panels share the screen. A room names its panels; the width decides: beside each other, in two columns, or one at a
// time with tabs at the foot. Panels that share a place have tabs above them.

import { type Accessor, createSignal, createUniqueId, For, type JSX, onCleanup, Show } from "solid-js";

export interface Panel {
  readonly name: string;
  readonly title: string;
  /** A figure beside the title. */
  readonly mark?: Accessor<string>;
  /** The middle shows one of its panels at a time; what is at the side is shown together. */
  readonly place: "middle" | "side";
  readonly content: () => JSX.Element;
}

/** Below it there is one panel at a time. */
const NARROW = "(max-width: 699.9px)";

export function createNarrow(): Accessor<boolean> {
  const query = matchMedia(NARROW);
  const [narrow, setNarrow] = createSignal(query.matches);
  const changed = () => setNarrow(query.matches);
  query.addEventListener("change", changed);
  onCleanup(() => query.removeEventListener("change", changed));
  return narrow;
}

/** Gives a panel the keyboard: its heading, from which its parts follow. */
export function focusPanel(name: string): void {
  document.querySelector<HTMLElement>(`[data-panel="${name}"] h2[tabindex]`)?.focus();
}

export interface PanelsProps {
  readonly panels: readonly Panel[];
  readonly narrow: boolean;
  /** The panel in front; the first where none is named, or where it is not of this room. */
  readonly front: string | null;
  show(name: string): void;
}

export function Panels(props: PanelsProps) {
  const middle = () => props.panels.filter(({ place }) => place === "middle");
  const side = () => props.panels.filter(({ place }) => place === "side");
  /** One at a time, those at the side come right after the first: they are what it is used with. */
  const stacked = () => {
    const [first, ...others] = middle();
    return props.narrow && first !== undefined ? [first, ...side(), ...others] : middle();
  };
  const front = () => stacked().find(({ name }) => name === props.front) ?? (stacked()[0] as Panel);
  const id = createUniqueId();
  const tabs = () => <Tabs id={id} foot={props.narrow} panels={stacked()} front={front().name} show={props.show} />;
  return (
    <div class="panels" data-narrow={props.narrow} data-side={side().length > 0 && !props.narrow}>
      <div class="panels-middle">
        <Show when={!props.narrow && stacked().length > 1}>{tabs()}</Show>
        <Show keyed when={front().name}>
          {(name) => (
            <section
              class="panel"
              id={`${id}-panel`}
              role={stacked().length > 1 ? "tabpanel" : undefined}
              aria-label={front().title}
              data-panel={name}
            >
              {front().content()}
            </section>
          )}
        </Show>
      </div>
      <Show when={side().length > 0 && !props.narrow}>
        <div class="panels-side">
          <For each={side()}>{(panel) => <div data-panel={panel.name}>{panel.content()}</div>}</For>
        </div>
      </Show>
      <Show when={props.narrow && stacked().length > 1}>{tabs()}</Show>
    </div>
  );
}

export function Tabs(props: {
  readonly id: string;
  readonly foot: boolean;
  readonly panels: readonly Panel[];
  readonly front: string;
  show(name: string): void;
}) {
  let list!: HTMLDivElement;
  const steps: Record<string, (at: number, count: number) => number> = {
    ArrowRight: (at, count) => (at + 1) % count,
    ArrowLeft: (at, count) => (at + count - 1) % count,
    Home: () => 0,
    End: (_, count) => count - 1,
  };
  const pressed = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = props.panels.findIndex(({ name }) => name === props.front);
    const next = props.panels[step(at, props.panels.length)];
    if (next === undefined) return;
    props.show(next.name);
    queueMicrotask(() => list.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  };
  return (
    <div
      class="tabs"
      classList={{ "tabs-foot": props.foot }}
      role="tablist"
      aria-label="Panels"
      ref={list}
      onKeyDown={pressed}
    >
      <For each={props.panels}>
        {(panel) => (
          <button
            type="button"
            class="tab"
            role="tab"
            id={`${props.id}-${panel.name}`}
            aria-selected={panel.name === props.front}
            aria-controls={panel.name === props.front ? `${props.id}-panel` : undefined}
            tabindex={panel.name === props.front ? 0 : -1}
            onClick={() => props.show(panel.name)}
          >
            {panel.title}
            <Show when={panel.mark?.()}>{(mark) => <span class="tab-mark">{mark()}</span>}</Show>
          </button>
        )}
      </For>
    </div>
  );
}
