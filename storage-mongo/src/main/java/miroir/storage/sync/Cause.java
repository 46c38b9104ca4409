package miroir.storage.sync;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Why something failed, or waits for a person: in English, as commands, logs and alerts say it, and as kinds and values, of which pages make sentences in
 * the language of who reads.
 *
 * <p>Both stand beside each other in the database, and an older Miroir writes the text alone: it may leave kinds there that were of another text. So kinds
 * are stored with the text that they are of, and believed only where that is the text.
 *
 * @param said what it comes to, the most important first; empty: nobody said, as in what older ones wrote
 */
public record Cause(String text, List<Said> said) {
    private static final String WHY = "Why";

    /** What a failure says of the source. */
    private enum Source {
        FAILS,
        /** It answered, whatever came of that. */
        ANSWERED,
        /** Nothing: it may not even have been called. */
        UNKNOWN
    }

    /** What can be said of a failure without its words. */
    public enum Kind {
        /** Removals are held back: how many, of how many, and the share that may go, in percent. */
        GUARD(3),
        /** Too much cannot be stored: how many, of how many, and the share that may be, in percent. */
        REJECTS(3),
        /** Some are in no window: how many, of how many. */
        UNSELECTED(2),
        /** A full pass failed so often, and is tried once a day. */
        PUT_OFF(1),
        /** The source has none any more, and here are so many. */
        EMPTIED(1),
        /** The source refuses the key, with that status. */
        KEY_REFUSED(1, Source.FAILS),
        /** The source refuses who has no key, with that status. */
        NO_KEY(1, Source.FAILS),
        /** The certificate of that host is not to be believed. */
        NOT_TRUSTED(1, Source.FAILS),
        /** Nothing answers. */
        UNREACHABLE(0, Source.FAILS),
        /** All that comes is an error, of that status. */
        ANSWERS(1, Source.FAILS),
        /** All that comes is 404, as of an address where no source is. */
        NOT_THERE(1, Source.FAILS),
        /** The quota is used up. */
        QUOTA(0, Source.FAILS),
        /** What comes is of no use. */
        UNREADABLE(0, Source.FAILS),
        /** Resources came, and then the link to those that follow is answered with that status. */
        LINK_DEAD(1),
        /** The same with an error that is the source's own: after how many tries, and with which status. */
        LINK_FAILS(2, Source.FAILS),
        /** The same where what follows did not come whole, or no answer at all: after how many tries. */
        LINK_LOST(1, Source.FAILS),
        /** Counts come, but a first page does not: after how many tries, and with which status. */
        PAGE_FAILS(2, Source.FAILS),
        /** The same where it did not come whole, or no answer at all: after how many tries. */
        PAGE_LOST(1, Source.FAILS),
        /** What the configuration of that source needs is not there. */
        NOT_CONFIGURED(1, Source.FAILS),
        /** The source does not understand the question, and answers with that status. */
        QUESTION_REFUSED(1),
        /** The source does not say how many there are. */
        NO_TOTAL(0),
        /** A window was counted so often as empty, and is not. */
        COUNTED_EMPTY(1),
        /** The source does not select by when something changed. */
        UNEVEN(0),
        /** So many windows in a row were not complete. */
        NOT_WHOLE(1),
        /** The source never gave all that was asked for by its id. */
        NEVER_ALL(0),
        DATABASE(0, Source.UNKNOWN),
        /** Our own mistake. */
        UNEXPECTED(0, Source.UNKNOWN);

        private final int places;
        private final Source source;

        Kind(int places) {
            this(places, Source.ANSWERED);
        }

        Kind(int places, Source source) {
            this.places = places;
            this.source = source;
        }

        /** How many values belong to it. */
        public int places() {
            return places;
        }

        /** Whether it is the source that fails, and not what is copied from it. */
        public boolean isOfSource() {
            return source == Source.FAILS;
        }
    }

    /** One thing that can be said; its values are numbers, or names. */
    public record Said(Kind kind, List<String> values) {
        public Said {
            values = List.copyOf(values);
            if (values.size() != kind.places()) {
                throw new IllegalArgumentException(kind + " has " + kind.places() + " values, and not " + values);
            }
        }

        private BsonDocument document() {
            BsonArray array = new BsonArray();
            values.forEach(value -> array.add(new BsonString(value)));
            return new Fields()
                    .text("kind", Run.spelt(kind))
                    .value("values", array)
                    .document();
        }

        /** Empty where a newer Miroir, or a hand, wrote what is not known here. */
        private static Optional<Said> of(BsonValue value) {
            BsonDocument document = value.isDocument() ? value.asDocument() : new BsonDocument();
            BsonValue written = document.get("values", new BsonArray());
            List<String> values = !written.isArray()
                    ? List.of()
                    : written.asArray().stream()
                            .filter(BsonValue::isString)
                            .map(each -> each.asString().getValue())
                            .toList();
            return Arrays.stream(Kind.values())
                    .filter(kind -> Run.spelt(kind).equals(Fields.text(document, "kind", "")))
                    .filter(kind -> kind.places() == values.size())
                    .map(kind -> new Said(kind, values))
                    .findFirst();
        }
    }

    public Cause {
        said = List.copyOf(said);
    }

    /** What is known by its words alone. */
    public static Cause unknown(String text) {
        return new Cause(text, List.of());
    }

    public static Cause of(Kind kind, String text, Object... values) {
        List<String> shown = Arrays.stream(values).map(String::valueOf).toList();
        return new Cause(text, List.of(new Said(kind, shown)));
    }

    /** A share as a value. */
    public static String percent(double share) {
        String percent = String.format(Locale.ROOT, "%.4f", share * 100);
        return percent.replaceFirst("\\.?0+$", "");
    }

    /** Both, in other words than theirs. */
    public Cause and(Cause other, String text) {
        return new Cause(text, Stream.concat(said.stream(), other.said.stream()).toList());
    }

    /** The same without what must not be said. */
    public Cause with(UnaryOperator<String> hidden) {
        return new Cause(
                hidden.apply(text),
                said.stream()
                        .map(each -> new Said(
                                each.kind(), each.values().stream().map(hidden).toList()))
                        .toList());
    }

    /** Whether this is some of it. */
    public boolean has(Kind kind) {
        return said.stream().anyMatch(each -> each.kind() == kind);
    }

    /** Whether the source itself fails. What stands behind a full pass that is put off was the last time, and copies succeeded since. */
    public boolean isOfSource() {
        return said.stream()
                .takeWhile(each -> each.kind() != Kind.PUT_OFF)
                .anyMatch(each -> each.kind().isOfSource());
    }

    /** Whether it is known that the source answered: not where nobody said what failed, or where it was the database. */
    public boolean isAnswered() {
        return !isOfSource() && said.stream().anyMatch(each -> each.kind().source == Source.ANSWERED);
    }

    /** Its words in a field, as ever, and the rest in one beside it. */
    static void put(Fields fields, String name, @Nullable Cause cause) {
        fields.text(name, cause == null ? null : cause.text);
        if (cause == null || cause.said.isEmpty()) {
            fields.text(name + WHY, null);
            return;
        }
        BsonArray said = new BsonArray();
        cause.said.forEach(each -> said.add(each.document()));
        fields.value(
                name + WHY,
                new Fields().text("of", cause.text).value("said", said).document());
    }

    static @Nullable Cause of(BsonDocument document, String name) {
        String text = Fields.text(document, name);
        return text == null ? null : new Cause(text, said(document.get(name + WHY), text));
    }

    private static List<Said> said(@Nullable BsonValue why, String text) {
        if (why == null || !why.isDocument() || !text.equals(Fields.text(why.asDocument(), "of"))) {
            return List.of();
        }
        BsonValue said = why.asDocument().get("said", new BsonArray());
        return !said.isArray()
                ? List.of()
                : said.asArray().stream()
                        .map(Said::of)
                        .flatMap(Optional::stream)
                        .toList();
    }
}
