package miroir.server.paging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import org.jspecify.annotations.Nullable;

/** Makes and reads what stands in the links between pages. */
public final class PageTokens {
    private static final int SHORTEST_SECRET = 32;

    /** Of the bytes in the links of searches; another one whenever they change. */
    private static final int LAYOUT = 2;

    private final Seal seal;
    private final Duration lifetime;
    private final InstantSource clock;
    private final @Nullable LongQueries longQueries;

    /**
     * Tokens under a secret that all processes of an installation share.
     *
     * @param secret asked for until it answers, which may be long after the start: the database can be away
     * @param lifetime how long the links of a search or a history work after it was begun
     */
    public PageTokens(Supplier<byte[]> secret, Duration lifetime, InstantSource clock) {
        this(new Seal(new KeptSecret(secret), clock), lifetime, clock, null);
    }

    private PageTokens(Seal seal, Duration lifetime, InstantSource clock, @Nullable LongQueries longQueries) {
        this.seal = seal;
        this.lifetime = lifetime;
        this.clock = clock;
        this.longQueries = longQueries;
    }

    /** The same with long queries kept there; otherwise the whole query is in the token, however long it is. */
    public PageTokens keepingLongQueriesIn(KeptQueries kept) {
        return new PageTokens(seal, lifetime, clock, new LongQueries(kept));
    }

    /**
     * The token as text that needs no escape in a URL. All links of one search expire at the same time, counted from its
     * first page: so long are versions kept that were current then, and a later page would lack some.
     */
    public String seal(PageToken token, PageOwner owner) {
        return close(PageTokenBytes.write(keepingQuery(token)), context(owner));
    }

    /** The same with its query kept where that is too long for a link, so that several links to its pages keep it once. */
    public PageToken keepingQuery(PageToken token) {
        return longQueries == null ? token : longQueries.shortened(token, expiry(token));
    }

    /** The token of a history; it opens as nothing else. Its links expire at the same time as well. */
    public String seal(HistoryToken token, PageOwner owner) {
        return close(HistoryTokenBytes.write(token), historyContext(owner));
    }

    /** The token that the text holds. */
    public PageToken open(String text, PageOwner owner) {
        PageToken token = PageTokenBytes.read(opened(text, context(owner)));
        refuseExpired(expiry(token));
        return longQueries == null ? token : longQueries.restored(token);
    }

    /** The token of a history that the text holds; no search configuration concerns it. */
    public HistoryToken openHistory(String text, PageOwner owner) {
        HistoryToken token = HistoryTokenBytes.read(opened(text, historyContext(owner)));
        refuseExpired(token.first().plus(lifetime));
        return token;
    }

    private Instant expiry(PageToken token) {
        return token.first().plus(lifetime);
    }

    private String close(byte[] bytes, byte[] context) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(seal.close(bytes, context));
    }

    private byte[] opened(String text, byte[] context) {
        byte[] bytes = seal.open(decoded(text), context);
        if (bytes == null) {
            throw forged();
        }
        return bytes;
    }

    private void refuseExpired(Instant expires) {
        if (!clock.instant().isBefore(expires)) {
            throw new Refusal(
                    Reason.EXPIRED,
                    "the link to this page expired at " + expires + "; links work for " + lifetime.toMinutes()
                            + " minutes, begin again");
        }
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw forged();
        }
    }

    private static Refusal forged() {
        return new Refusal(
                Reason.INVALID,
                "the link to this page was cut, changed, or made for somebody else; follow links as they were given");
    }

    /** What is laid out otherwise is no link of ours. */
    private static byte[] context(PageOwner owner) {
        return ("search " + LAYOUT + " " + named(owner)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] historyContext(PageOwner owner) {
        return ("history " + named(owner)).getBytes(StandardCharsets.UTF_8);
    }

    /** The parts with their lengths: no two owners have the same name. */
    private static String named(PageOwner owner) {
        return owner.tenant().length() + ":" + owner.tenant() + owner.consumer().length() + ":" + owner.consumer()
                + owner.base();
    }

    /** Asks once; a failure to answer is not kept. */
    private static final class KeptSecret implements Supplier<byte[]> {
        private final Supplier<byte[]> source;
        private volatile byte @Nullable [] secret;

        KeptSecret(Supplier<byte[]> source) {
            this.source = source;
        }

        @Override
        public byte[] get() {
            byte[] kept = secret;
            if (kept == null) {
                kept = source.get().clone();
                if (kept.length < SHORTEST_SECRET) {
                    throw new IllegalArgumentException(
                            "a secret of " + kept.length + " bytes; allowed are " + SHORTEST_SECRET + " or more");
                }
                secret = kept;
            }
            return kept;
        }
    }
}
