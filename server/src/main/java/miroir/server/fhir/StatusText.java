package miroir.server.fhir;

import ca.uhn.fhir.rest.api.Constants;

/** A status as an entry of a bundle has it: with the words that belong to it. */
final class StatusText {
    private StatusText() {}

    static String of(int status) {
        return status + " " + Constants.HTTP_STATUS_NAMES.getOrDefault(status, "");
    }
}
