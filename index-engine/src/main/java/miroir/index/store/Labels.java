package miroir.index.store;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** The profiles, security labels and tags that resources have, each once and in order. */
public record Labels(Set<String> profiles, Set<Label> security, Set<Label> tags) {
    /** So many of one kind are told; where there are more, none. */
    public static final int MOST = 10_000;

    public Labels {
        profiles = sorted(profiles);
        security = sorted(security);
        tags = sorted(tags);
    }

    /** None. */
    public static Labels none() {
        return new Labels(Set.of(), Set.of(), Set.of());
    }

    /** These and those. */
    public Labels and(Labels others) {
        return new Labels(union(profiles, others.profiles), union(security, others.security), union(tags, others.tags));
    }

    private static <T extends Comparable<T>> Set<T> sorted(Collection<T> some) {
        return Collections.unmodifiableSet(new TreeSet<>(some));
    }

    private static <T extends Comparable<T>> Set<T> union(Set<T> some, Set<T> others) {
        Set<T> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }
}
