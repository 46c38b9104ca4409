package miroir.server.access;

/**
 * Who has a token, and what that allows.
 *
 * @param name who that is, as the log has it
 * @param counted as whom quotas and turns count him: the consumer, or the application whoever uses it
 * @param token the id of the consumer's token, by which its calls are counted; an empty text where it is none of the register
 */
public record Bearer(String name, String counted, Grants grants, AdministratorRole role, String token) {
    /** Somebody whose calls nobody counts. */
    public Bearer(String name, String counted, Grants grants, AdministratorRole role) {
        this(name, counted, grants, role, "");
    }
}
