package miroir.index.search;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a date is compared with the one that is searched for. */
public enum DatePrefix {
    /** All that the stored date may mean is within the one searched for. */
    EQ,
    /** Not so. */
    NE,
    /** Something of it is later than all of the one searched for. */
    GT,
    /** {@link #GT} or {@link #EQ}. */
    GE,
    /** Something of it is earlier than all of the one searched for. */
    LT,
    /** {@link #LT} or {@link #EQ}. */
    LE,
    /** All of it is later. */
    SA,
    /** All of it is earlier. */
    EB,
    /** It overlaps the one searched for, widened by a tenth of its distance from now. */
    AP;

    /** All of them, as they are written. */
    public static final String ALL =
            Arrays.stream(values()).map(DatePrefix::code).collect(Collectors.joining(", "));

    /** As it is written in front of the date. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
