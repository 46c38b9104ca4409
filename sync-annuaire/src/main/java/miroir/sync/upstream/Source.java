package miroir.sync.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import miroir.storage.sync.SourceDefinition;
import miroir.storage.sync.Synchronisation;
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
 * @param formerly where the same server was before; {@link SourceDefinition#ANYWHERE}; empty: nowhere else
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

    /** The one that is written down, with what opens it. */
    public static Source of(SourceDefinition definition, SourceKey key) {
        return new Source(
                definition.name(),
                definition.base(),
                key,
                definition.quota(),
                definition.timeout(),
                definition.pageSize(),
                definition.proxy().isEmpty() ? null : definition.proxy(),
                null,
                definition.patience(),
                definition.formerly());
    }

    /** What is written down of one that stands in the file: a proxy may have a password. */
    public SourceDefinition definition() {
        return new SourceDefinition(
                name,
                base,
                key.header(),
                key.from(),
                quota,
                timeout,
                pageSize,
                proxy == null ? "" : ProxyAddress.parse(proxy).shown(),
                patience,
                formerly,
                Synchronisation.FILE);
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
