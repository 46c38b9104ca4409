package miroir.server.access;

/**
 * Who has a token, and what that allows.
 *
 * @param name who that is, as the log has it
 * @param counted as whom quotas and turns count him: the consumer, or the application whoever uses it
 */
public record Bearer(String name, String counted, Grants grants, AdministratorRole role) {}
