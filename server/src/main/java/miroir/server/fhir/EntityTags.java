package miroir.server.fhir;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;

/**
 * What {@code If-Match} or {@code If-None-Match} names: ETags, with commas between them and on any number of lines (RFC
 * 9110), or a star. What is between the quotes counts, so weak and strong ones are alike. A version's number without quotes is
 * taken for its ETag.
 *
 * @param any whether a star was given
 */
record EntityTags(boolean any, Set<String> opaque) {
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"([\\x21\\x23-\\x7E\\x80-\\xFF]*)\"|([0-9]+)");
    private static final Pattern NEXT = Pattern.compile("\\G[\\s,]*((?:W/)?\"[^\"]*\"|[^\\s,]+)[\\s]*(?=,|$)");

    EntityTags {
        opaque = Set.copyOf(opaque);
    }

    /** Those of a header, of which these are the lines. */
    static EntityTags of(String header, Collection<String> lines) {
        String list = String.join(",", lines).strip();
        return list.equals("*") ? new EntityTags(true, Set.of()) : new EntityTags(false, tags(header, list));
    }

    private static Set<String> tags(String header, String list) {
        Set<String> tags = new LinkedHashSet<>();
        Matcher next = NEXT.matcher(list);
        int end = 0;
        while (next.find()) {
            tags.add(opaque(header, next.group(1)));
            end = next.end();
        }
        String rest = list.substring(end);
        if (tags.isEmpty() || !rest.matches("[\\s,]*")) {
            throw malformed(header, rest);
        }
        return tags;
    }

    private static String opaque(String header, String tag) {
        Matcher matcher = TAG.matcher(tag);
        if (!matcher.matches()) {
            throw malformed(header, tag);
        }
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    /** Whether it names this one, or all. */
    boolean name(String tag) {
        return any || opaque.contains(tag);
    }

    /** Those that can be the number of a version. */
    List<Long> versions() {
        return opaque.stream()
                .flatMapToLong(tag -> VersionHeaders.number(tag).stream())
                .boxed()
                .toList();
    }

    private static Refusal malformed(String header, String tag) {
        return new Refusal(
                Refusal.Reason.INVALID,
                header + ": " + Refusal.shown(tag.strip())
                        + " is not an ETag, such as W/\"3\"; allowed: ETags, with commas between them, or * alone");
    }
}
