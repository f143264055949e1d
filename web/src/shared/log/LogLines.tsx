import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type RefObject, useLayoutEffect, useRef, useState } from "react";
import { clockTime } from "@/shared/format/time";
import type { LogLine } from "@/shared/log/logRing";
import classes from "@/shared/log/LogLines.module.css";

const ROW_HEIGHT = 22;
const AT_END = 24;
const NEAR_TOP = 400;
const MORE_ROWS = 10;

interface LogLinesProps {
  /** The lines, which may grow in place. */
  log: { readonly length: number; at(index: number): LogLine | undefined };
  /** Another number each time the lines changed. */
  version: number;
  /** Whether the newest line is kept in view. */
  following: boolean;
  /** Scrolling away from the end, or back to it. */
  onFollow: (following: boolean) => void;
  wrap?: boolean;
  /** How many lines were added before the first ones: what is in view stays where it is. */
  inFront?: number;
  /** The oldest lines come into view. */
  onOlder?: () => void;
  onNode?: (node: string) => void;
}

/** The lines of a log, of which only those in view are drawn. */
export function LogLines(props: LogLinesProps) {
  const { log, version, following, onFollow, wrap = false, inFront = 0, onOlder, onNode } = props;
  const view = useRef<HTMLDivElement>(null);
  const { ref: sized, height } = useElementSize<HTMLDivElement>();
  const place = useMergedRef(view, sized);
  const [top, setTop] = useState(0);
  const count = log.length;
  useLayoutEffect(() => {
    const element = view.current;
    if (following && element !== null) element.scrollTop = element.scrollHeight;
  }, [following, version, count, wrap, height]);
  const stoodAt = useRef(inFront);
  const stoodTop = useRef(0);
  useLayoutEffect(() => {
    const element = view.current;
    if (!following && element !== null) element.scrollTop += (inFront - stoodAt.current) * ROW_HEIGHT;
    stoodAt.current = inFront;
  }, [following, inFront]);
  const onScroll = () => {
    const element = view.current;
    if (element === null) return;
    setTop(element.scrollTop);
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END;
    // Rows that turn out higher than they were thought move the end away; only somebody who scrolls up leaves it.
    const isLeft = !atEnd && element.scrollTop < stoodTop.current;
    stoodTop.current = element.scrollTop;
    if (following ? isLeft : atEnd) onFollow(atEnd);
    if (element.scrollTop < NEAR_TOP) onOlder?.();
  };
  return (
    <div
      ref={place}
      className={classes.view}
      role="log"
      aria-live="off"
      aria-label="Log"
      tabIndex={0}
      onWheel={(event) => event.deltaY < 0 && following && onFollow(false)}
      onScroll={onScroll}
    >
      {wrap ? (
        <WrappedRows log={log} view={view} following={following} onNode={onNode} />
      ) : (
        <EvenRows log={log} top={following ? Infinity : top} height={height} onNode={onNode} />
      )}
    </div>
  );
}

type Rows = Pick<LogLinesProps, "log"> & { onNode: LogLinesProps["onNode"] };

/** Rows that are all as high: which are in view is mere arithmetic, however many there are. */
function EvenRows({ log, top, height, onNode }: Rows & { top: number; height: number }) {
  const count = log.length;
  const shown = Math.ceil(height / ROW_HEIGHT) + 2 * MORE_ROWS;
  const first = Math.max(0, Math.min(Math.floor(top / ROW_HEIGHT) - MORE_ROWS, count - shown));
  const rows = [];
  for (let index = first; index < Math.min(count, first + shown); index += 1) {
    const line = log.at(index);
    if (line !== undefined) rows.push(<Row key={line.sequence} line={line} onNode={onNode} />);
  }
  return (
    <div className={classes.inner} style={{ height: count * ROW_HEIGHT }}>
      <div className={classes.place} style={{ transform: `translateY(${first * ROW_HEIGHT}px)` }}>
        {rows}
      </div>
    </div>
  );
}

/** Rows as high as their text needs, which are measured when they come into view. */
function WrappedRows({
  log,
  view,
  following,
  onNode,
}: Rows & { view: RefObject<HTMLDivElement | null>; following: boolean }) {
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const virtual = useVirtualizer({
    count: log.length,
    getScrollElement: () => view.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => log.at(index)?.sequence ?? index,
    overscan: MORE_ROWS,
  });
  const size = virtual.getTotalSize();
  useLayoutEffect(() => {
    const element = view.current;
    if (following && element !== null) element.scrollTop = element.scrollHeight;
  }, [view, following, size]);
  return (
    <div className={classes.inner} style={{ height: size }} data-wrap>
      {virtual.getVirtualItems().map((item) => {
        const line = log.at(item.index);
        return (
          line && (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={classes.place}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Row line={line} onNode={onNode} />
            </div>
          )
        );
      })}
    </div>
  );
}

const Row = memo(function Row({ line, onNode }: { line: LogLine; onNode: LogLinesProps["onNode"] }) {
  const { at, level, message, node, sequence } = line;
  return (
    <div className={classes.row} data-log={sequence} data-level={level}>
      <time className={classes.time}>{clockTime(new Date(at))}</time>
      <span className={classes.level}>{level}</span>
      {node !== null && onNode !== undefined ? (
        <button type="button" className={classes.node} title={`Show ${node}`} onClick={() => onNode(node)}>
          {node}
        </button>
      ) : (
        <span className={classes.node}>{node}</span>
      )}
      <span className={classes.message}>{message}</span>
    </div>
  );
});
