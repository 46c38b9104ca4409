package miroir.server.metadata;

import ca.uhn.fhir.context.FhirContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import miroir.index.SearchParameterRegistry;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;

/** CapabilityStatements ready to be sent, one per offer, which has the base URL; those that were asked for last are kept. */
public final class CapabilityDocuments {
    /** Whoever asks chooses the port in {@code Host}, so there is no end of base URLs. */
    private static final int KEPT = 16;

    /** All types with all parameters have two megabytes. */
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private final FhirContext context;
    private final SearchParameterRegistry registry;
    private final Function<String, Offer> offers;
    private final Map<Offer, CapabilityDocument> latest = Collections.synchronizedMap(new Latest());

    /** Documents for a registry and for what is offered under a base URL. */
    public CapabilityDocuments(FhirContext context, SearchParameterRegistry registry, Function<String, Offer> offers) {
        this.context = context;
        this.registry = registry;
        this.offers = offers;
    }

    /** The one for that base URL. */
    public CapabilityDocument of(String base) {
        Offer offer = offers.apply(base);
        CapabilityDocument known = latest.get(offer);
        if (known != null) {
            return known;
        }
        CapabilityDocument made = make(offer);
        latest.put(offer, made);
        return made;
    }

    private CapabilityDocument make(Offer offer) {
        byte[] json = context.newJsonParser()
                .encodeResourceToString(Capabilities.of(registry, offer))
                .getBytes(StandardCharsets.UTF_8);
        return new CapabilityDocument(READER.read(json), digest(json));
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Those that were asked for last. */
    private static final class Latest extends LinkedHashMap<Offer, CapabilityDocument> {
        private static final long serialVersionUID = 1L;

        Latest() {
            super(KEPT, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Offer, CapabilityDocument> eldest) {
            return size() > KEPT;
        }
    }
}
