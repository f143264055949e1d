import { createLink, type LinkComponent } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";
import classes from "@/shared/ui/ListTable.module.css";

interface PlainLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  ref?: Ref<HTMLAnchorElement>;
}

function PlainLink({ className, ...others }: PlainLinkProps) {
  return <a {...others} data-row-link className={[classes.link, className].filter(Boolean).join(" ")} />;
}

/**
 * The link of a row of a `ListTable`. Its area is the whole row, so that a click anywhere, a middle click and the
 * browser's menu do what they do for links; buttons and other links in the row lie above it.
 */
export const RowLink: LinkComponent<typeof PlainLink> = createLink(PlainLink);
