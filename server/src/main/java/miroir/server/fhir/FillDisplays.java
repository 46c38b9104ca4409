package miroir.server.fhir;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.json.FilledDisplays;
import miroir.index.search.QueryParameter;
import miroir.index.store.ResourceVersion;
import miroir.index.terminology.Displays;
import miroir.index.terminology.StoredTerminology;
import org.bson.RawBsonDocument;

/**
 * {@code _display=true}: what people read beside the codes of what is answered, by the code systems that are kept and that whoever asks may search. What is
 * stored stays as it is, and so does its version: an answer with labels has the ETag of one without.
 */
final class FillDisplays {
    static final String PARAMETER = "_display";

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
    Answer in(FhirRequest request, Answer answer) {
        List<String> asked = request.query().stream()
                .filter(parameter -> parameter.name().equals(PARAMETER))
                .map(QueryParameter::value)
                .distinct()
                .toList();
        boolean wanted = asked.isEmpty() ? otherwise && isPossible : isTrue(asked);
        if (wanted && !isPossible) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    PARAMETER + "=true needs CodeSystem among the types that are served (fhir.types)");
        }
        return wanted ? filled(request, answer, !asked.isEmpty()) : answer;
    }

    private static boolean isTrue(List<String> asked) {
        if (asked.size() > 1 || !(asked.get(0).equals("true") || asked.get(0).equals("false"))) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    PARAMETER + "=" + Refusal.shown(String.join(" and ", asked)) + "; allowed: true, false");
        }
        return asked.get(0).equals("true");
    }

    /** Code systems may be in preparation; who did not ask for labels has the answer without. */
    private Answer filled(FhirRequest request, Answer answer, boolean isAsked) {
        try {
            return new Filling(terminology
                            .seenBy(request.caller(), null, request.deadline(patience))
                            .displays(null))
                    .in(answer);
        } catch (Refusal refusal) {
            if (isAsked || refusal.reason() != Refusal.Reason.NOT_READY) {
                throw refusal;
            }
            return answer;
        }
    }

    /** One answer. Its systems are looked up together, before it is written. */
    private record Filling(Displays displays) {
        Answer in(Answer answer) {
            Set<String> systems = new HashSet<>();
            map(answer, fhir -> {
                systems.addAll(FilledDisplays.systemsWithout(fhir));
                return fhir;
            });
            displays.lookUp(systems);
            return systems.isEmpty() ? answer : map(answer, fhir -> FilledDisplays.of(fhir, displays));
        }

        private interface Change {
            RawBsonDocument of(RawBsonDocument fhir);
        }

        private static Answer map(Answer answer, Change change) {
            if (answer.body() instanceof Answer.OneResource one) {
                return answer.holding(new Answer.OneResource(change.of(one.fhir())));
            }
            return answer.body() instanceof Answer.Bundle bundle
                    ? answer.holding(bundle.with(bundle.entries().stream()
                            .map(entry -> map(entry, change))
                            .toList()))
                    : answer;
        }

        private static Answer.Entry map(Answer.Entry entry, Change change) {
            if (entry instanceof Answer.Match match) {
                return new Answer.Match(changed(match.version(), change));
            }
            if (entry instanceof Answer.Included included) {
                return new Answer.Included(changed(included.version(), change));
            }
            if (entry instanceof Answer.Answered answered) {
                return new Answer.Answered(map(answered.answer(), change));
            }
            return entry instanceof Answer.Change version && version.version() instanceof ResourceVersion.Live live
                    ? new Answer.Change(changed(live, change))
                    : entry;
        }

        private static ResourceVersion.Live changed(ResourceVersion.Live live, Change change) {
            return live.showing(change.of(live.fhir()));
        }
    }
}
