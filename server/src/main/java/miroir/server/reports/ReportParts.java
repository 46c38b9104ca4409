package miroir.server.reports;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchInForce;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.console.Pages;
import miroir.server.fhir.FhirParts;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;

/** What reports are made from, and what of it is scarce. */
record ReportParts(ServerConfiguration configuration, FhirParts fhir, WorkingMemory memory, Turns turns, Pages pages) {

    SearchInForce inForce() {
        return fhir.search().inForce();
    }

    /** The store as it is searched at present. */
    ResourceStore store() {
        return store(inForce());
    }

    ResourceStore store(SearchInForce taken) {
        return fhir.search().reading(taken);
    }

    /** Of dates that have none. */
    ZoneId zone() {
        return inForce().made().zone();
    }

    Duration patience() {
        return configuration.search().deadline();
    }

    Deadline deadline() {
        return Deadline.in(patience());
    }

    /** Those of these types that are served. */
    Set<String> served(Set<String> types) {
        Set<String> served = new TreeSet<>(types);
        served.retainAll(fhir.types());
        return served;
    }
}
