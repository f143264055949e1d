import { notifications } from "@mantine/notifications";
import { inWords } from "@/shared/api/errors";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";

const SHORT_MILLISECONDS = 3_500;
const closeButtonProps = { "aria-label": "Close" };

/** Says quietly that something was done. */
export function told(message: string): void {
  notifications.show({ message, color: "teal", autoClose: SHORT_MILLISECONDS, withBorder: true, closeButtonProps });
}

/** Says that something could not be done, where there is no better place for it. */
export function toldError(error: unknown): void {
  notifications.show({
    message: <PlainMarkup text={inWords(error)} />,
    color: "red",
    autoClose: false,
    withBorder: true,
    closeButtonProps,
    role: "alert",
  });
}
