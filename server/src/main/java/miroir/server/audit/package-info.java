/** What is noted of who did what: it is kept before anything is changed on anybody's behalf, and shown as AuditEvents of FHIR. Where it is kept is behind
 * {@link miroir.index.store.KeptAudit}. */
@NullMarked
package miroir.server.audit;

import org.jspecify.annotations.NullMarked;
