package miroir.server.fhir;

import org.eclipse.jetty.http.HttpStatus;

/** A status as an entry of a bundle has it: with the words that belong to it. */
final class StatusText {
    private StatusText() {}

    static String of(int status) {
        return status + " " + HttpStatus.getMessage(status);
    }
}
