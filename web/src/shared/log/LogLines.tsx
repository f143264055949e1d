import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef } from "react";
import { clockTime } from "@/shared/format/time";
import type { LogLine } from "@/shared/log/logRing";
import classes from "@/shared/log/LogLines.module.css";

const ROW_HEIGHT = 22;
const AT_END = 24;
const NEAR_TOP = 400;

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
  const count = log.length;
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by a compiler
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => view.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => log.at(index)?.sequence ?? index,
    overscan: 12,
  });
  useEffect(() => {
    const element = view.current;
    if (following && element !== null) element.scrollTop = element.scrollHeight;
  }, [following, version, count, wrap]);
  const stoodAt = useRef(inFront);
  useLayoutEffect(() => {
    const element = view.current;
    if (!following && element !== null) element.scrollTop += (inFront - stoodAt.current) * ROW_HEIGHT;
    stoodAt.current = inFront;
  }, [following, inFront]);
  const onScroll = () => {
    const element = view.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END;
    if (atEnd !== following) onFollow(atEnd);
    if (element.scrollTop < NEAR_TOP) onOlder?.();
  };
  return (
    <div
      ref={view}
      className={classes.view}
      role="log"
      aria-live="off"
      aria-label="Log"
      tabIndex={0}
      onWheel={(event) => event.deltaY < 0 && following && onFollow(false)}
      onScroll={onScroll}
    >
      <div className={classes.inner} style={{ height: virtual.getTotalSize() }} data-wrap={wrap || undefined}>
        {virtual.getVirtualItems().map((item) => {
          const line = log.at(item.index);
          return (
            line && (
              <div
                key={item.key}
                ref={wrap ? virtual.measureElement : undefined}
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
