package miroir.index.view;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.path.TypeNames;

/** What can be done with values of a type. */
enum Kind {
    TRUTH,
    NUMBER,
    TEXT,
    /** A date, with or without a time. */
    MOMENT,
    TIME,
    /** What has parts. */
    COMPLEX;

    static Kind of(String type) {
        return switch (type) {
            case "boolean" -> TRUTH;
            case "integer", "decimal", "positiveInt", "unsignedInt" -> NUMBER;
            case "date", "dateTime", "instant" -> MOMENT;
            case "time" -> TIME;
            case "xhtml" -> TEXT;
            default -> TypeNames.isPrimitive(type) ? TEXT : COMPLEX;
        };
    }

    static Set<Kind> of(Collection<String> types) {
        return types.stream().map(Kind::of).collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
    }

    /** Whether its values are texts. */
    boolean isText() {
        return this == TEXT || this == MOMENT || this == TIME;
    }
}
