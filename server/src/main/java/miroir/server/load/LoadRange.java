package miroir.server.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import miroir.index.Refusal;

/** How far back one looks, and in which pieces: a chart has room for a hundred, and so has its table. */
public enum LoadRange {
    TEN_MINUTES("10m", Duration.ofSeconds(10), 60),
    HOUR("1h", Duration.ofMinutes(1), 60),
    DAY("24h", Duration.ofMinutes(15), 96),
    WEEK("7d", Duration.ofHours(2), 84);

    private final String code;
    private final Duration piece;
    private final int pieces;

    LoadRange(String code, Duration piece, int pieces) {
        this.code = code;
        this.piece = piece;
        this.pieces = pieces;
    }

    /** How it is asked for. */
    public String code() {
        return code;
    }

    Duration piece() {
        return piece;
    }

    int pieces() {
        return pieces;
    }

    public Duration length() {
        return piece.multipliedBy(pieces);
    }

    /** The one that is asked for so. */
    public static Optional<LoadRange> find(String code) {
        return Arrays.stream(values()).filter(each -> each.code.equals(code)).findFirst();
    }

    /** That there is none of that code. */
    public static Refusal unknown(String code) {
        return new Refusal(
                Refusal.Reason.INVALID,
                "range=" + Refusal.shown(code) + " is not known; there are " + String.join(", ", codes()));
    }

    public static List<String> codes() {
        return Arrays.stream(values()).map(LoadRange::code).toList();
    }
}
