package miroir.index.view;

import org.jspecify.annotations.Nullable;

/**
 * A ViewDefinition.
 *
 * @param name what it is called in SQL; null: it says nothing
 * @param id null: it says nothing
 * @param url by which others may name it; null: none
 * @param version which one of that URL it is; null: it says nothing
 */
public record View(
        @Nullable String id,
        @Nullable String url,
        @Nullable String version,
        @Nullable String name,
        @Nullable String title,
        CompiledView compiled) {}
