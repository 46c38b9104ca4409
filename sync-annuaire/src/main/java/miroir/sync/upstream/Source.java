package miroir.sync.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A FHIR server that resources come from.
 *
 * @param name what owns its resources is called after it
 * @param base its FHIR base, without a slash at the end
 * @param key what opens it; none for servers that are open
 * @param quota calls in a second, all synchronisations together: one less than the server allows, since calls that leave
 *     evenly do not arrive so
 * @param timeout of one call, its body included
 * @param pageSize the largest page that is asked for
 * @param proxy as {@link ProxyAddress} reads it; null: none
 * @param trust a file of PEM certificates that are trusted besides the usual ones
 * @param patience how long nothing may succeed before a run gives up
 * @param formerly where the same server was before; {@code any}: wherever that was; empty: nowhere else
 */
public record Source(
        String name,
        URI base,
        SourceKey key,
        double quota,
        Duration timeout,
        int pageSize,
        @Nullable String proxy,
        @Nullable Path trust,
        Duration patience,
        String formerly) {
    /** Wherever it was before. */
    public static final String ANY = "any";

    /** The real directory's limits for any address. */
    public static Source of(String name, URI base, SourceKey key) {
        return new Source(name, base, key, 16, Duration.ofSeconds(30), 200, null, null, Duration.ofMinutes(10), "");
    }

    /** The same with another quota, time-out and patience. */
    public Source with(double otherQuota, Duration otherTimeout, Duration otherPatience) {
        return new Source(name, base, key, otherQuota, otherTimeout, pageSize, proxy, trust, otherPatience, formerly);
    }

    /** The same at another address. */
    public Source at(URI otherBase) {
        return new Source(name, otherBase, key, quota, timeout, pageSize, proxy, trust, patience, formerly);
    }

    /** Whether it is known to be the server that was at that address. */
    public boolean wasAt(String address) {
        return formerly.equals(ANY) || formerly.equals(address);
    }

    /** The same for who asks beside others. */
    public Source withHalfTheQuota() {
        return with(quota / 2, timeout, patience);
    }

    @Override
    public String toString() {
        return name + " at " + base + ", " + key;
    }
}
