import { Box, Divider, NavLink, Text, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link, Outlet, useMatches, useRouterState } from "@tanstack/react-router";
import { AccountButton } from "@/app/AccountButton";
import { HubAwayBanner } from "@/app/HubAwayBanner";
import { administration, type Destination, destinations } from "@/app/navigation";
import { PaletteButton } from "@/app/palette/PaletteButton";
import { SessionExpired } from "@/app/SessionExpired";
import classes from "@/app/Shell.module.css";
import { includesRole, useUser } from "@/shared/session/session";
import { useAppliedTheme } from "@/shared/session/useTheme";

/** Where the wide navigation would leave too little room for the page. */
const SMALL = "(max-width: 48em)";

/** The frame around every page behind the sign-in. Studio gets the narrow navigation and all the room. */
export function Shell() {
  const user = useUser();
  useAppliedTheme();
  const fullScreen = useMatches({ select: (matches) => matches.some((match) => match.staticData.fullScreen) });
  const small = useMediaQuery(SMALL, undefined, { getInitialValueInEffect: false });
  const narrow = fullScreen || small;
  const visible = (items: readonly Destination[]) =>
    items.filter((item) => !item.role || includesRole(user, item.role));
  const admin = visible(administration);
  return (
    <div className={classes.frame} data-narrow={narrow || undefined}>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <nav className={classes.sidebar} aria-label="Main">
        <Link to="/" className={classes.brand} aria-label="Exekra, dashboard">
          <img src="/favicon.svg" width={26} height={26} alt="" />
          <span className={classes.label}>Exekra</span>
        </Link>
        <PaletteButton narrow={narrow} />
        {visible(destinations).map((item) => (
          <NavigationLink key={item.to} item={item} narrow={narrow} />
        ))}
        {admin.length > 0 && (
          <>
            <Divider my={6} />
            {admin.map((item) => (
              <NavigationLink key={item.to} item={item} narrow={narrow} />
            ))}
          </>
        )}
        <Box flex={1} />
        <AccountButton narrow={narrow} />
      </nav>
      <main className={classes.main} id="main" tabIndex={-1}>
        <HubAwayBanner />
        {fullScreen ? (
          <Outlet />
        ) : (
          <div className={classes.page}>
            <Outlet />
          </div>
        )}
      </main>
      <SessionExpired />
    </div>
  );
}

function NavigationLink({ item, narrow }: { item: Destination; narrow: boolean }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const active = item.to === "/" ? path === "/" : path === item.to || path.startsWith(`${item.to}/`);
  return (
    <Tooltip label={item.label} position="right" disabled={!narrow}>
      <NavLink
        component={Link}
        to={item.to}
        className={classes.link}
        active={active}
        aria-current={active ? "page" : undefined}
        aria-label={item.label}
        label={narrow ? undefined : <Text inherit>{item.label}</Text>}
        leftSection={<item.icon size={18} stroke={1.7} aria-hidden />}
      />
    </Tooltip>
  );
}
