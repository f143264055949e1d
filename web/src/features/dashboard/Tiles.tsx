import { Group, Skeleton } from "@mantine/core";
import { IconArrowDownRight, IconArrowUpRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "@/features/dashboard/dashboard.module.css";
import { searchOf } from "@/features/dashboard/filter";
import type { Dashboard } from "@/features/dashboard/queries";
import { percentOf, rateTrendOf, type Trend, trendOf } from "@/features/dashboard/trend";
import { Ago } from "@/shared/ui/Ago";

/** The numbers that one looks at first. Each leads to the list that was counted. */
export function Tiles({ figures, period }: { figures: Dashboard | undefined; period: string }) {
  if (figures === undefined) {
    return (
      <div className={classes.tiles}>
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <Skeleton key={key} height={92} />
        ))}
      </div>
    );
  }
  const { running, queue, totals, before, runners } = figures;
  const connected = runners.online + runners.busy;
  return (
    <div className={classes.tiles}>
      <CountTile title="Running" count={running.count} filter={running.filter} below="on Runners now" />
      <CountTile
        title="Queued"
        count={queue.depth.count}
        filter={queue.depth.filter}
        below={
          queue.oldest_at === null ? (
            "nothing is waiting"
          ) : (
            <>
              the oldest <Ago at={queue.oldest_at} />
            </>
          )
        }
      />
      <CountTile
        title={`Completed, ${period}`}
        count={totals.completed.count}
        filter={totals.completed.filter}
        below={<TrendWords trend={trendOf(totals.completed.count, before.completed.count)} good="up" />}
      />
      <CountTile
        title={`Failed, ${period}`}
        count={totals.failed.count}
        filter={totals.failed.filter}
        color={totals.failed.count > 0 ? "var(--exekra-bad)" : undefined}
        below={<TrendWords trend={trendOf(totals.failed.count, before.failed.count)} good="down" />}
      />
      <Link
        to="/executions"
        search={{ ...searchOf(totals.completed.filter), state: ["COMPLETED", "FAILED"] }}
        className={`${classes.card} ${classes.tile}`}
      >
        <span className={classes.small}>Success rate</span>
        <span className={classes.number}>{percentOf(totals.success_rate)}</span>
        <span className={classes.small}>
          <TrendWords trend={rateTrendOf(totals.success_rate, before.success_rate)} good="up" />
        </span>
      </Link>
      <Link to="/runners" className={`${classes.card} ${classes.tile}`}>
        <span className={classes.small}>Runners connected</span>
        <span className={classes.number}>{connected.toLocaleString()}</span>
        <span className={classes.small}>
          {runners.busy} busy{runners.offline > 0 && `, ${runners.offline} offline`}
        </span>
      </Link>
    </div>
  );
}

function CountTile({
  title,
  count,
  filter,
  below,
  color,
}: {
  title: string;
  count: number;
  filter: Dashboard["running"]["filter"];
  below: ReactNode;
  color?: string | undefined;
}) {
  return (
    <Link to="/executions" search={searchOf(filter)} className={`${classes.card} ${classes.tile}`}>
      <span className={classes.small}>{title}</span>
      <span className={classes.number} style={{ color }}>
        {count.toLocaleString()}
      </span>
      <span className={classes.small}>{below}</span>
    </Link>
  );
}

const PICTURES = { up: IconArrowUpRight, down: IconArrowDownRight };

function TrendWords({ trend, good }: { trend: Trend; good: "up" | "down" }) {
  if (trend.text === null) return "no earlier data";
  if (trend.direction === "same") return trend.text;
  const Picture = PICTURES[trend.direction];
  const color = trend.direction === good ? "var(--exekra-good)" : "var(--exekra-bad)";
  return (
    <Group gap={4} component="span" wrap="nowrap" title="Compared with the period before">
      <Picture size={14} color={color} aria-hidden />
      <span>{trend.text}</span>
    </Group>
  );
}
