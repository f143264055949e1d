import { Anchor, type AnchorProps, Button, type ButtonProps, Menu, type MenuItemProps } from "@mantine/core";
import { createLink, type LinkComponent } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type OfLink<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> };

function PlainAnchor(props: OfLink<AnchorProps>) {
  return <Anchor {...props} />;
}

function PlainButton(props: OfLink<ButtonProps>) {
  return <Button component="a" {...props} />;
}

function PlainItem(props: OfLink<MenuItemProps>) {
  return <Menu.Item component="a" {...props} />;
}

/** A link in a text that leads to a page; the router checks the page and its parameters. */
export const PageLink: LinkComponent<typeof PlainAnchor> = createLink(PlainAnchor);

/** A button that leads to a page. */
export const ButtonLink: LinkComponent<typeof PlainButton> = createLink(PlainButton);

/** An item of a menu that leads to a page. */
export const MenuLink: LinkComponent<typeof PlainItem> = createLink(PlainItem);
