package miroir.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Cause.Kind;
import miroir.storage.sync.Cause.Said;
import org.jspecify.annotations.Nullable;

/**
 * Why something failed or waits, in the language of who reads, and where he goes from there. The English of commands and logs stands below, folded; what an
 * older version wrote has nothing else.
 *
 * @param id of what is folded
 * @param source page of the source; null: it is shown there
 * @param held where a removal that is held back is confirmed; null: none is, or not by who reads
 * @param isOver whether there is nothing to decide any more about what was held back
 * @param rejections where those are that cannot be stored; null: they are not known any more
 */
record ToldCause(
        Cause cause,
        String id,
        @Nullable String source,
        @Nullable String held,
        boolean isOver,
        @Nullable String rejections) {
    /** What they have are names, which are not written as numbers even where they are some. */
    private static final Set<Kind> NAMING = Set.of(Kind.NOT_TRUSTED, Kind.NOT_CONFIGURED);

    /** Of a call that was made to see whether a source answers. */
    static ToldCause ofTrial(String source, Cause cause) {
        return new ToldCause(cause, "technical-" + source, null, null, false, null);
    }

    /**
     * One sentence.
     *
     * @param path where one goes; null: nowhere
     * @param key of what is there
     */
    record Line(String text, @Nullable String path, String key) {
        /** Said of what was the last time, and may be otherwise by now. */
        private Line ofLastTime(View view) {
            String continued = text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
            return new Line(view.say("cause.lastTime", continued), path, key);
        }
    }

    /** Where nobody said what it is, one that says where to look. */
    List<Line> lines(View view) {
        if (isUnknown()) {
            return List.of(new Line(view.say("cause.unknown"), null, ""));
        }
        List<Line> lines = new ArrayList<>();
        boolean isOfBefore = false;
        for (Said each : cause.said()) {
            Line line = line(view, each);
            lines.add(isOfBefore ? line.ofLastTime(view) : line);
            isOfBefore |= each.kind() == Kind.PUT_OFF;
        }
        return lines;
    }

    boolean isUnknown() {
        return cause.said().isEmpty();
    }

    private Line line(View view, Said said) {
        Kind kind = said.kind();
        Object[] values = said.values().stream()
                .map(each -> NAMING.contains(kind) ? each : view.value(each))
                .toArray();
        String over = kind == Kind.GUARD && isOver ? ".over" : "";
        return new Line(view.say("cause." + kind + over, values), path(kind), key(kind));
    }

    private @Nullable String path(Kind kind) {
        return switch (kind) {
            case GUARD -> held;
            case REJECTS -> rejections;
            // It may not be there: then its page is not, either.
            case NOT_CONFIGURED -> source == null ? null : "/admin/sources";
            case QUESTION_REFUSED -> source;
            default -> kind.isOfSource() ? source : null;
        };
    }

    private static String key(Kind kind) {
        return switch (kind) {
            case GUARD -> "cause.confirm";
            case REJECTS -> "run.rejections";
            case NOT_CONFIGURED -> "cause.sources";
            default -> "cause.source";
        };
    }

    /** The page of the source of a synchronisation, which is called after it. */
    static String sourceOf(String synchronisation) {
        return "/admin/sources/" + synchronisation.substring(0, Math.max(0, synchronisation.indexOf('/')));
    }
}
