package miroir.server.console;

import java.util.List;
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
 * @param rejections where those are that cannot be stored; null: they are not known any more
 */
record ToldCause(
        Cause cause,
        String id,
        @Nullable String source,
        @Nullable String held,
        @Nullable String rejections) {
    /** Of a call that was made to see whether a source answers. */
    static ToldCause ofTrial(String source, Cause cause) {
        return new ToldCause(cause, "technical-" + source, null, null, null);
    }

    /**
     * One sentence.
     *
     * @param path where one goes; null: nowhere
     * @param key of what is there
     */
    record Line(String text, @Nullable String path, String key) {}

    /** Where nobody said what it is, one that says where to look. */
    List<Line> lines(View view) {
        return isUnknown()
                ? List.of(new Line(view.say("cause.unknown"), null, ""))
                : cause.said().stream().map(each -> line(view, each)).toList();
    }

    boolean isUnknown() {
        return cause.said().isEmpty();
    }

    private Line line(View view, Said said) {
        Object[] values = said.values().stream().map(view::value).toArray();
        return new Line(view.say("cause." + said.kind(), values), path(said.kind()), key(said.kind()));
    }

    private @Nullable String path(Kind kind) {
        return switch (kind) {
            case GUARD -> held;
            case REJECTS -> rejections;
            default -> kind.isOfSource() ? source : null;
        };
    }

    private static String key(Kind kind) {
        return switch (kind) {
            case GUARD -> "cause.confirm";
            case REJECTS -> "run.rejections";
            default -> "cause.source";
        };
    }

    /** The page of the source of a synchronisation, which is called after it. */
    static String sourceOf(String synchronisation) {
        return "/admin/sources/" + synchronisation.substring(0, Math.max(0, synchronisation.indexOf('/')));
    }
}
