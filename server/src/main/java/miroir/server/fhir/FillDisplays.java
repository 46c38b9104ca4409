package miroir.server.fhir;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import miroir.index.Refusal;
import miroir.index.json.FilledDisplays;
import miroir.index.terminology.Displays;
import miroir.index.terminology.StoredTerminology;
import miroir.server.routing.Interaction;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * {@code _display=true}: what people read beside the codes of what is answered, by the code systems that are kept and that whoever asks may see. What is
 * stored stays as it is, and so does its version: an answer with labels has the ETag of one without.
 *
 * <p>Whether labels are wanted is read before anything is done; what has been written is answered without them where they cannot be had.
 */
final class FillDisplays {
    static final String PARAMETER = "_display";

    /** Of labels that one answer gets: somebody may have stored long ones. */
    private static final int MOST_LETTERS = 4 << 20;

    private final StoredTerminology terminology;
    private final boolean isPossible;
    private final boolean otherwise;
    private final Duration patience;

    /**
     * @param isPossible whether code systems are served
     * @param otherwise whether labels are answered to who does not say
     */
    FillDisplays(StoredTerminology terminology, boolean isPossible, boolean otherwise, Duration patience) {
        this.terminology = terminology;
        this.isPossible = isPossible;
        this.otherwise = otherwise;
        this.patience = patience;
    }

    /** The answer with labels, where they are wanted. */
    Answer around(FhirRequest request, Function<FhirRequest, Answer> interaction) {
        boolean isWanted = isWanted(request);
        Answer answer = interaction.apply(request);
        return isWanted ? filled(request, answer) : answer;
    }

    /** The answer with the labels that can be had. */
    Answer asFarAsPossible(FhirRequest request, Answer answer) {
        return isPossible && request.displayAsked().isEmpty() ? filled(request, answer) : answer;
    }

    /** Whether labels are; refused where they cannot be. */
    boolean isWanted(FhirRequest request) {
        List<String> asked = request.displayAsked();
        boolean isWanted = asked.isEmpty() ? otherwise && isPossible : isTrue(asked);
        if (isWanted && !isPossible) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    PARAMETER + "=true needs CodeSystem among the types that are served (fhir.types)");
        }
        return isWanted;
    }

    private static boolean isTrue(List<String> asked) {
        if (asked.size() > 1 || !(asked.get(0).equals("true") || asked.get(0).equals("false"))) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    PARAMETER + "=" + Refusal.shown(String.join(" and ", asked)) + "; allowed: true, false");
        }
        return asked.get(0).equals("true");
    }

    /** Who did not ask for labels, or has written already, has the answer without those that cannot be had. */
    Answer filled(FhirRequest request, Answer answer) {
        try {
            return new Filling(terminology
                            .seenBy(request.caller(), null, request.deadline(patience))
                            .displays(null))
                    .in(answer);
        } catch (Refusal refusal) {
            Interaction interaction = request.exchange().route().interaction();
            if (interaction.writes()
                    || interaction == Interaction.BATCH
                    || request.displayAsked().isEmpty()) {
                return answer;
            }
            throw refusal;
        }
    }

    /** One answer, whose systems are looked up together before it is written. Entries of a bundle have been asked for by themselves. */
    private static final class Filling implements FilledDisplays.Labels {
        private final Displays displays;
        private int letters;

        Filling(Displays displays) {
            this.displays = displays;
        }

        Answer in(Answer answer) {
            Set<String> systems = new HashSet<>();
            map(answer, fhir -> {
                systems.addAll(FilledDisplays.systemsWithout(fhir));
                return fhir;
            });
            displays.lookUp(systems);
            return systems.isEmpty() ? answer : map(answer, fhir -> FilledDisplays.of(fhir, this));
        }

        private static Answer map(Answer answer, UnaryOperator<RawBsonDocument> change) {
            if (answer.body() instanceof Answer.OneResource one) {
                return answer.holding(new Answer.OneResource(change.apply(one.fhir())));
            }
            return answer.body() instanceof Answer.Bundle bundle
                    ? answer.holding(bundle.with(bundle.entries().stream()
                            .map(entry -> entry.showing(live -> live.showing(change.apply(live.fhir()))))
                            .toList()))
                    : answer;
        }

        @Override
        public @Nullable String of(String system, @Nullable String version, String code) {
            String display = displays.of(system, version, code);
            letters += display == null ? 0 : display.length();
            if (letters > MOST_LETTERS) {
                throw new Refusal(
                        Refusal.Reason.TOO_MANY,
                        "the labels of this answer take more than " + MOST_LETTERS
                                + " letters; ask for fewer resources at once (_count)");
            }
            return display;
        }
    }
}
