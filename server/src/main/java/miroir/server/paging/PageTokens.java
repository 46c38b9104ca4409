package miroir.server.paging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import org.jspecify.annotations.Nullable;

/** Makes and reads what stands in the links between pages. */
public final class PageTokens {
    private static final int SHORTEST_SECRET = 32;

    private final Seal seal;
    private final Duration lifetime;
    private final InstantSource clock;

    /**
     * Tokens under a secret that all processes of an installation share.
     *
     * @param secret asked for until it answers, which may be long after the start: the database can be away
     * @param lifetime how long a link works after it was made
     */
    public PageTokens(Supplier<byte[]> secret, Duration lifetime, InstantSource clock) {
        this.seal = new Seal(new KeptSecret(secret), clock);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** The token as text that needs no escape in a URL. */
    public String seal(PageToken token, PageOwner owner) {
        byte[] bytes = PageTokenBytes.write(token, clock.instant().plus(lifetime));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(seal.close(bytes, context(owner)));
    }

    /**
     * The token that the text holds.
     *
     * @param generation of the search configuration now
     */
    public PageToken open(String text, PageOwner owner, int generation) {
        byte[] bytes = seal.open(decoded(text), context(owner));
        if (bytes == null) {
            throw forged();
        }
        PageTokenBytes.Content content = PageTokenBytes.read(bytes);
        if (!clock.instant().isBefore(content.expires())) {
            throw new Refusal(
                    Reason.EXPIRED,
                    "the link to this page expired at " + content.expires() + "; links work for " + lifetime.toMinutes()
                            + " minutes, search again");
        }
        if (content.token().generation() != generation) {
            throw new Refusal(
                    Reason.EXPIRED,
                    "the link to this page was made before the search configuration changed; search again");
        }
        return content.token();
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

    /** The parts with their lengths: no two owners have the same context. */
    private static byte[] context(PageOwner owner) {
        String text = owner.tenant().length() + ":" + owner.tenant()
                + owner.consumer().length() + ":" + owner.consumer() + owner.base();
        return text.getBytes(StandardCharsets.UTF_8);
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
