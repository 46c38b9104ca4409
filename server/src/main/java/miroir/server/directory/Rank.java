package miroir.server.directory;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;

/**
 * How well somebody fits: less is better in each, and the first that differs decides.
 *
 * @param level how alike the names are, by {@link Likeness}
 * @param apart 0 where what was asked is in surname and given name, 1 where it is all in one of them
 * @param place 0 where one role meets all that is asked of places, 1 where its town has more letters, 2 where it takes several roles
 * @param details what of less weight is missing or too much
 * @param name what the person is called, and
 * @param id of the resource: so that the order is always the same
 */
public record Rank(Likeness level, int apart, int place, int details, String name, String id)
        implements Comparable<Rank> {
    private static final Comparator<Rank> ORDER = Comparator.comparing(Rank::level)
            .thenComparingInt(Rank::apart)
            .thenComparingInt(Rank::place)
            .thenComparingInt(Rank::details)
            .thenComparing(Rank::name)
            .thenComparing(Rank::id);

    private static final int MOST_DETAILS = 20;

    @Override
    public int compareTo(Rank other) {
        return ORDER.compare(this, other);
    }

    /** From 1 down to 0, in the same order but for what is told apart by name and id only. */
    public BigDecimal score() {
        int thousandths = 1000 - level.thousandths() - 90 * apart - 30 * place - Math.min(MOST_DETAILS, details);
        return BigDecimal.valueOf(thousandths).movePointLeft(3).setScale(3, RoundingMode.UNNECESSARY);
    }
}
