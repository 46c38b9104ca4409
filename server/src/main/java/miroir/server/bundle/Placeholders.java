package miroir.server.bundle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of a transaction are called in it, and what they are called once they are stored. A relative reference is read
 * as FHIR has it for bundles: behind the root of the URL of the entry in which it stands, and behind the base of this server where
 * that has no URL.
 *
 * <p>A reference to a version of something means, in a transaction, the version that it has afterwards. Of what the transaction gives an id that is
 * the first one. Which version an update makes is known once it is done, and it may make none: there the number stays as it was sent.
 */
public final class Placeholders {
    private static final String TYPE_AND_ID = "[A-Z][A-Za-z]+/[A-Za-z0-9.\\-]{1,64}";
    private static final Pattern RELATIVE = Pattern.compile(TYPE_AND_ID);
    private static final Pattern RESTFUL = Pattern.compile("(https?://.+/)" + TYPE_AND_ID);

    private static final String VERSION = "/_history/";

    private final String base;
    private final Map<String, ResourceKey> stored = new HashMap<>();

    /** Those of {@link #stored} that begin with version 1. */
    private final Set<ResourceKey> created = new HashSet<>();

    /**
     * None yet.
     *
     * @param base of this server, without a slash at its end
     */
    public Placeholders(String base) {
        this.base = base + "/";
    }

    /** What the entry with this URL is stored as. */
    public void put(String fullUrl, ResourceKey key) {
        if (!fullUrl.isEmpty()) {
            stored.put(fullUrl, key);
        }
    }

    /** The same for one that gets an id of its own, and so has one version when all is done. */
    public void putNew(String fullUrl, ResourceKey key) {
        put(fullUrl, key);
        created.add(key);
    }

    /** Behind what the relative references in this entry are read. */
    public String root(BundleEntry in) {
        Matcher restful = RESTFUL.matcher(in.fullUrl());
        return restful.matches() ? restful.group(1) : base;
    }

    /** A reference that stands in an entry with this root, as it is to be stored. */
    public String reference(String root, String reference) {
        ResourceKey exact = stored.get(reference);
        if (exact != null) {
            return exact.toString();
        }
        int version = reference.indexOf(VERSION);
        ResourceKey versioned = version < 0 ? null : named(root, reference.substring(0, version));
        if (versioned != null) {
            return versioned + (created.contains(versioned) ? VERSION + 1 : reference.substring(version));
        }
        if (RELATIVE.matcher(reference).matches()) {
            ResourceKey key = stored.get(root + reference);
            return key == null ? reference : key.toString();
        }
        if (isNameInABundle(reference)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "it refers to \"" + Refusal.shown(reference)
                            + "\", which no entry that is written has as its fullUrl");
        }
        return reference;
    }

    /** Whether nothing outside of a bundle can be called like that. */
    public static boolean isNameInABundle(String reference) {
        return reference.startsWith("urn:uuid:") || reference.startsWith("urn:oid:");
    }

    private @Nullable ResourceKey named(String root, String url) {
        return stored.get(RELATIVE.matcher(url).matches() ? root + url : url);
    }

    /** A URI that stands in an entry with this root, as it is to be stored; it need not refer to anything. */
    public String uri(String root, String uri) {
        ResourceKey exact = stored.get(uri);
        ResourceKey key = exact == null ? named(root, uri) : exact;
        return key == null ? uri : key.toString();
    }
}
