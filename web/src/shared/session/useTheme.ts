import { useMantineColorScheme } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { changePreferences, preferencesQuery } from "@/shared/session/preferences";
import { toldError } from "@/shared/ui/told";

export type Theme = "light" | "dark" | "auto";

/** The present theme, and the way to choose another one, here and wherever the user signs in. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const choose = (theme: Theme) => {
    setColorScheme(theme);
    void changePreferences(queries, { theme: theme === "auto" ? "system" : theme }).catch(toldError);
  };
  return [colorScheme, choose];
}

/** Takes over the theme that the user chose elsewhere. "System" leaves each browser its own. */
export function useAppliedTheme(): void {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const chosen = useQuery(preferencesQuery).data?.theme;
  const apply = useEffectEvent(() => {
    if ((chosen === "light" || chosen === "dark") && chosen !== colorScheme) setColorScheme(chosen);
  });
  useEffect(() => apply(), [chosen]);
}
