package miroir.server.directory;

import org.jspecify.annotations.Nullable;

/**
 * What somebody is called, as far as it is known.
 *
 * @param name any part of it, in any order
 * @param family the surname, or a part of it
 * @param given the given name, or some of them
 */
public record AskedPerson(
        @Nullable AskedName name,
        @Nullable AskedName family,
        @Nullable AskedName given) {

    /** As parameters say it. */
    public static AskedPerson of(@Nullable String name, @Nullable String family, @Nullable String given) {
        return new AskedPerson(read("name", name), read("family", family), read("given", given));
    }

    private static @Nullable AskedName read(String parameter, @Nullable String typed) {
        return typed == null ? null : AskedName.of(parameter, typed);
    }

    /** Whether nothing is known. */
    public boolean isAnybody() {
        return name == null && family == null && given == null;
    }
}
