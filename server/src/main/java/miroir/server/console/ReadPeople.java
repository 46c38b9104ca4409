package miroir.server.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import miroir.server.directory.DirectoryResource;
import miroir.server.directory.TypedLine.Reading;
import miroir.server.fhir.AskDirectory;
import miroir.server.fhir.AskDirectory.Found;
import miroir.server.fhir.AskFhir;
import miroir.server.pipeline.Exchange;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Asks for people, as what was typed can be read, until somebody is found; each time counts as a request. */
record ReadPeople(AskDirectory directory) {

    PeopleFound of(Exchange exchange, PeopleQuestion asked) {
        return new Asking(exchange, asked).found();
    }

    private final class Asking {
        private final long began = System.nanoTime();
        private final Exchange exchange;
        private final PeopleQuestion asked;
        private final List<Reading> readings;
        private final @Nullable Integer chosen;
        private final Deadline deadline = directory.deadline();

        Asking(Exchange exchange, PeopleQuestion asked) {
            this.exchange = exchange;
            this.asked = asked;
            this.readings = asked.readings();
            this.chosen = asked.as(readings.size());
        }

        PeopleFound found() {
            int first = chosen == null ? 0 : chosen;
            PeopleFound found = ask(first, 1);
            boolean isOpen = chosen == null && !asked.values().containsKey(AskFhir.PAGE);
            int tried = 1;
            for (int other = 1;
                    isOpen && other < readings.size() && found.people().isEmpty();
                    other++) {
                exchange.countEntries(1);
                PeopleFound next = askPossible(other, ++tried).orElse(found);
                found = next.people().isEmpty() ? found : next;
            }
            return found.people().isEmpty() ? ofNobody(found, tried) : found;
        }

        /** The first way to read it says why it cannot be asked; of others nobody said that it can. */
        private Optional<PeopleFound> askPossible(int reading, int tried) {
            try {
                return Optional.of(ask(reading, tried));
            } catch (Refusal refused) {
                if (refused.reason() != Refusal.Reason.INVALID && refused.reason() != Refusal.Reason.NOT_SUPPORTED) {
                    throw refused;
                }
                return Optional.empty();
            }
        }

        private PeopleFound ask(int reading, int tried) {
            return directory.ask(
                    exchange, asked.asked(readings.get(reading)), deadline, found -> read(found, reading, tried));
        }

        private PeopleFound read(Found found, int reading, int tried) {
            Map<String, String> links = found.links();
            return new PeopleFound(
                    rows(found),
                    found.total(),
                    millis(),
                    readings.get(reading).parts(),
                    others(reading),
                    tried,
                    found.remarks(),
                    String.valueOf(links.get("self")),
                    page(links.get("previous"), reading),
                    page(links.get("next"), reading),
                    null);
        }

        private long millis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        }

        private List<PeopleFound.Other> others(int reading) {
            return IntStream.range(0, readings.size())
                    .filter(other -> other != reading)
                    .mapToObj(other -> new PeopleFound.Other(
                            asked.link(Map.of(PeopleQuestion.AS, String.valueOf(other + 1), AskFhir.PAGE, "")),
                            readings.get(other).parts()))
                    .toList();
        }

        /** A page of the API has a link that says all; a page for people says what was typed beside it. */
        private @Nullable String page(@Nullable String link, int reading) {
            if (link == null) {
                return null;
            }
            return QueryParameter.ofLink(link).stream()
                    .filter(each -> each.name().equals(AskFhir.PAGE))
                    .map(each -> asked.link(
                            Map.of(AskFhir.PAGE, each.value(), PeopleQuestion.AS, String.valueOf(reading + 1))))
                    .findFirst()
                    .orElse(null);
        }

        private PeopleFound ofNobody(PeopleFound found, int tried) {
            String fuzzy = asked.isFuzzy() ? null : asked.link(Map.of(PeopleQuestion.FUZZY, "true", AskFhir.PAGE, ""));
            return new PeopleFound(
                    List.of(),
                    found.total(),
                    millis(),
                    found.understood(),
                    found.others(),
                    tried,
                    found.remarks(),
                    found.request(),
                    found.previous(),
                    found.next(),
                    fuzzy);
        }
    }

    private static List<PersonRow> rows(Found found) {
        Map<String, List<DirectoryResource>> roles = new HashMap<>();
        Map<String, DirectoryResource> places = new HashMap<>();
        for (RawBsonDocument each : found.beside()) {
            DirectoryResource resource = resource(each);
            String person = resource.referred("practitioner", "Practitioner");
            if (person == null) {
                places.put(resource.key().id(), resource);
            } else {
                roles.computeIfAbsent(person, id -> new ArrayList<>()).add(resource);
            }
        }
        return found.people().stream()
                .map(ReadPeople::resource)
                .map(person ->
                        PersonRow.of(person, roles.getOrDefault(person.key().id(), List.of()), places))
                .toList();
    }

    private static DirectoryResource resource(RawBsonDocument fhir) {
        return new DirectoryResource(
                new ResourceKey(
                        fhir.getString("resourceType").getValue(),
                        fhir.getString("id").getValue()),
                fhir);
    }
}
