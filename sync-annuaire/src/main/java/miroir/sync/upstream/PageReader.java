package miroir.sync.upstream;

import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import miroir.sync.bundle.RawBundle;
import miroir.sync.bundle.RawEntry;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page and says whether it is whole: JSON to its end, a searchset with its links, and in every entry a resource of
 * the type that was asked for, with an id.
 */
final class PageReader {
    private final URI base;
    private final String wanted;
    private final @Nullable Instant date;
    private final Oddities oddities;

    /**
     * For one page.
     *
     * @param date the upstream's clock; null where it does not say, which is held against a page only if that is whole
     */
    PageReader(URI base, String wanted, @Nullable Instant date, Oddities oddities) {
        this.base = base;
        this.wanted = wanted;
        this.date = date;
        this.oddities = oddities;
    }

    Page read(byte[] json) throws NotWhole {
        RawBundle bundle = searchset(json);
        if (bundle.total() == null) {
            oddities.count("no total");
        }
        Instant now = date == null ? Instant.EPOCH : date;
        List<Entry> entries = new ArrayList<>();
        for (RawEntry entry : bundle.entries()) {
            if ("outcome".equals(entry.mode()) || "include".equals(entry.mode())) {
                oddities.count("entry of mode " + entry.mode());
            } else {
                entries.add(match(entry, now));
            }
        }
        URI next = next(bundle.next());
        if (date == null) {
            throw NotWhole.always(
                    "the upstream sent no Date header that can be read, and its clock is needed; if a proxy"
                            + " takes the header away, it must let it through");
        }
        return new Page(date, bundle.total(), next, entries, json.length, 0);
    }

    private static RawBundle searchset(byte[] json) throws NotWhole {
        RawBundle bundle;
        try {
            bundle = RawBundle.read(json);
        } catch (IOException e) {
            throw new NotWhole("its JSON is broken or ends early (" + e.getMessage() + ")");
        }
        if (!bundle.isBundle() || !"searchset".equals(bundle.type())) {
            throw new NotWhole("it is no searchset: " + bundle.resourceType() + ", " + bundle.type());
        }
        if (!bundle.linked()) {
            throw new NotWhole("it has no links");
        }
        return bundle;
    }

    private Entry match(RawEntry entry, Instant now) throws NotWhole {
        byte[] json = entry.json();
        String id = entry.id();
        if (json == null || id == null) {
            throw new NotWhole("an entry has no " + (json == null ? "resource" : "id"));
        }
        if (!wanted.equals(entry.type())) {
            throw new NotWhole("it has a " + entry.type() + " where only " + wanted + " was asked for");
        }
        if (entry.mode() == null) {
            oddities.count("no search mode");
        }
        return new Entry(wanted, id, updated(entry.updated(), now), json);
    }

    private Instant updated(@Nullable String text, Instant now) {
        if (text != null) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                // counted below
            }
        }
        oddities.count("no lastUpdated");
        return now;
    }

    /** The key is sent with every link, so a link may not lead to anybody else. */
    private @Nullable URI next(@Nullable String url) throws NotWhole {
        if (url == null) {
            return null;
        }
        try {
            URI next = URI.create(base + "/").resolve(url);
            if (next.getRawUserInfo() != null || !server(base).equals(server(next))) {
                throw NotWhole.always("its next link leads to another server: " + server(next)
                        + "; the source's url must be the address that the server gives itself in links, and a"
                        + " proxy on the way is named by 'proxy'");
            }
            return next;
        } catch (IllegalArgumentException e) {
            throw new NotWhole("its next link is no URL");
        }
    }

    /** Scheme, host and port, where the scheme's own port may be written or not. */
    private static String server(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":"
                + (uri.getPort() < 0 ? usual : uri.getPort());
    }
}
