import { TagsInput, type TagsInputProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { tagsQuery } from "@/features/workflows/queries";

/** The tags of a workflow; those of others are proposed. */
export function TagsField(input: TagsInputProps) {
  const tags = useQuery(tagsQuery);
  return (
    <TagsInput
      label="Tags"
      description="Press Enter after each one."
      data={tags.data?.map(({ tag }) => tag) ?? []}
      maxTags={50}
      // Above, so that the list never lies on the buttons.
      comboboxProps={{ position: "top" }}
      {...input}
    />
  );
}
