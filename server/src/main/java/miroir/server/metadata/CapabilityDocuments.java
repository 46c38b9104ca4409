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
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import miroir.index.SearchParameterRegistry;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.SearchInForce;
import miroir.index.structure.Structures;

/**
 * CapabilityStatements ready to be sent, one per offer, which has the base URL, and for what is searched; those that were asked for last are
 * kept.
 */
public final class CapabilityDocuments {
    /** Whoever asks chooses the port in {@code Host}, so there is no end of base URLs. */
    private static final int KEPT = 16;

    /** All types with all parameters have two megabytes. */
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private final FhirContext context;
    private final Supplier<SearchInForce> search;
    private final BiFunction<String, Map<String, Set<String>>, Offer> offers;
    private final Map<Stated, CapabilityDocument> latest = Collections.synchronizedMap(new Latest());

    /**
     * What is in one of them.
     *
     * @param number of what is searched
     * @param pending the names of parameters that cannot be searched yet
     */
    private record Stated(Offer offer, long number, Set<String> pending) {}

    /** Documents for what is searched at present and for what is offered under a base URL to who is denied some of it. */
    public CapabilityDocuments(
            FhirContext context,
            Supplier<SearchInForce> search,
            BiFunction<String, Map<String, Set<String>>, Offer> offers) {
        this.context = context;
        this.search = search;
        this.offers = offers;
    }

    /**
     * The one for that base URL.
     *
     * @param denied by type, those of the interactions that who asks may not have of it
     */
    public CapabilityDocument of(String base, Map<String, Set<String>> denied) {
        SearchInForce inForce = search.get();
        Stated stated = new Stated(offers.apply(base, denied), inForce.number(), pending(inForce));
        CapabilityDocument known = latest.get(stated);
        if (known != null) {
            return known;
        }
        CapabilityDocument made = make(stated, inForce.made().registry());
        latest.put(stated, made);
        return made;
    }

    private static Set<String> pending(SearchInForce inForce) {
        SearchParameterRegistry registry = inForce.made().registry();
        return registry.types().stream()
                .flatMap(type -> registry.of(type).stream())
                .filter(parameter -> inForce.pending()
                        .why(parameter.type(), parameter.code())
                        .isPresent())
                .map(Capabilities::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private CapabilityDocument make(Stated stated, SearchParameterRegistry registry) {
        byte[] json = context.newJsonParser()
                .encodeResourceToString(Capabilities.of(registry, stated.pending(), stated.offer()))
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
    private static final class Latest extends LinkedHashMap<Stated, CapabilityDocument> {
        private static final long serialVersionUID = 1L;

        Latest() {
            super(KEPT, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Stated, CapabilityDocument> eldest) {
            return size() > KEPT;
        }
    }
}
