package miroir.index.store;

import java.util.Comparator;

/**
 * What tells a tag or a security label from others.
 *
 * @param system an empty string where it has none
 */
public record Label(String system, String code) implements Comparable<Label> {
    private static final Comparator<Label> ORDER =
            Comparator.comparing(Label::system).thenComparing(Label::code);

    @Override
    public int compareTo(Label other) {
        return ORDER.compare(this, other);
    }
}
