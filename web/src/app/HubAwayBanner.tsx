import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import classes from "@/app/Shell.module.css";
import { api, dataOf, onHubAway } from "@/shared/api/client";

const KEY = ["hub-answers"];
const CALM_MILLISECONDS = 20_000;
const AWAY_MILLISECONDS = 2_000;

/** Says so while the Hub does not answer, and goes by itself when it is back. */
export function HubAwayBanner() {
  const queries = useQueryClient();
  useEffect(
    () =>
      onHubAway(() => {
        // Its own question fails like all others: once it has, it is asked again by itself.
        if (queries.getQueryState(KEY)?.status === "error") return;
        void queries.refetchQueries({ queryKey: KEY }, { cancelRefetch: false });
      }),
    [queries],
  );
  const { isError } = useQuery({
    queryKey: KEY,
    queryFn: () => dataOf(api.GET("/api/health")),
    retry: false,
    refetchInterval: (query) => (query.state.status === "error" ? AWAY_MILLISECONDS : CALM_MILLISECONDS),
  });
  if (!isError) return null;
  return (
    <Alert
      className={classes.away}
      radius={0}
      py="xs"
      color="yellow"
      icon={<IconPlugConnectedX size={18} />}
      role="status"
    >
      The Hub does not answer. Your work stays on this page and continues as soon as the Hub is back.
    </Alert>
  );
}
