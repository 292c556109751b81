// Calls every method of the official SDK for Contacts V5 against the server that is the first argument:
// node drive-v5.mjs http://127.0.0.1:8484
//
// Prints one line of JSON per call: what was called, and what came of it.
import { contactsV5 } from '@wix/crm';
import { connect, plainFetch } from './sdk.mjs';

const call = connect(process.argv[2], { contactsV5 });
const v5 = (method, ...args) => call('contactsV5', method, ...args);

const tags = (...ids) => ({ privateTags: { tagIds: ids } });
const street = { number: '1', name: 'Example Street' };
const place = (city) => ({ streetAddress: street, city, subdivision: 'US-ME', country: 'US', postalCode: '04000' });

// One contact, and all that is added to it and taken off it.
let { contact: ada } = await v5('createContact', {
  externalId: 'crm-1', name: { first: 'Ada', last: 'Example' },
  email: { email: 'ada@example.com' }, phone: { tag: 'MOBILE', phone: '+12075550100' },
  additionalEmails: [{ email: 'ada@work.example.com' }], additionalPhones: [{ tag: 'HOME', phone: '+12075550101' }],
  addresses: [{ tag: 'SHIPPING', address: place('Sampleton'), defaultAddress: true, recipient: { firstName: 'Ada', lastName: 'Example' } }],
  company: { name: 'Example Works', jobTitle: 'Analyst' }, locale: 'en-US', birthdate: '1990-12-10', timeZone: 'America/New_York',
  extendedFields: { namespaces: { _user_fields: { size: 39 } } },
}, { allowDuplicates: true }).then(enveloped);
const id = ada._id;
const created = ada.revision;
await v5('getContact', id);
const moved = { revision: created, company: { name: 'Other Works' } };
({ contact: ada } = enveloped(await v5('updateContact', id, moved, { allowDuplicates: false })));
await v5('updateContact', id, { revision: created, company: { name: 'Lost Works' } }); // fails: the revision has moved on
({ contact: ada } = await v5('addContactAdditionalEmail', id, { email: 'ada@other.example.com' }, { revision: ada.revision }));
({ contact: ada } = await v5('addContactAdditionalPhone', id, { tag: 'WORK', phone: '+12075550104' }, { revision: ada.revision }));
({ contact: ada } = await v5('addContactAddress', id, { tag: 'BILLING', address: place('Otherton') }, { revision: ada.revision }));
const added = { contactId: id, addressId: ada.addresses.at(-1)._id };
({ contact: ada } = await v5('updateContactAddress', added, { tag: 'BILLING', address: place('Elsewhere') }, { revision: ada.revision }));
await v5('deleteContactAddress', added, ada.revision);
await v5('updateContactTags', id, { assignTags: tags('tag-1', 'tag-2') });
await v5('updateContactTags', id, {}); // fails: there is no tag in it
const { imageUploadId, uploadUrl } = await v5('generateContactImageUploadUrl', id, { mimeType: 'image/png' });
await plainFetch(uploadUrl, { method: 'PUT', body: 'image' });
await v5('getContactImageUploadStatus', { contactId: id, imageUploadId });

// Others, one who is there already, and finding them.
const known = { name: { first: 'Grace' }, email: { email: 'grace@example.com' } };
const { contact: grace } = await v5('upsertContact', known, { upsertMode: 'APPEND', updateMember: false });
await v5('createContact', known); // fails: she is known
await v5('findMatchingContacts', { externalId: 'crm-1', email: 'grace@example.com', phone: '+12075550199' });
// Short ones are put into the query string of a GET. The fake takes them for what they stand for.
await v5('queryContacts', { filter: { externalId: 'crm-1' } });
await v5('searchContacts', { filter: { 'name.first': 'Grace' } });
// What makes more than 4,000 characters is posted, which is the form that the description has.
const nobody = (n) => '0b6e2f3c-55d1-4b7e-9d53-0000000001' + String(n).padStart(2, '0');
const many = [id, grace._id, ...Array.from({ length: 98 }, (_, n) => nobody(n))];
await v5('queryContacts', {
  filter: { _id: { $in: many } }, sort: [{ fieldName: '_createdDate', order: 'ASC' }], cursorPaging: { limit: 1 },
});
await v5('searchContacts', {
  filter: { _id: { $in: many } }, sort: [{ fieldName: 'name.first', order: 'DESC' }], cursorPaging: { limit: 10 },
  search: { expression: 'example', mode: 'OR' },
  aggregations: [{ name: 'countries', type: 'VALUE', fieldPath: 'addresses.address.country', value: { limit: 20 } }],
});
await v5('countContacts', { filter: { 'email.email': { $in: ['ada@example.com', 'grace@example.com'] } }, search: 'example' });

// Many at a time.
const { results } = await v5('bulkCreateContacts', [
  { name: { first: 'Linus' }, phone: { phone: '207-555-0102' } }, { name: { first: 'Edsger' } },
  { company: { name: 'Nobody' } }, // fails: that is not enough
], { returnEntity: true, allowDuplicates: false });
const [linus, edsger] = results.map((r) => r.item);
await v5('bulkUpdateContacts', [
  { contact: { _id: linus._id, revision: linus.revision, locale: 'en-US' } },
  { contact: { _id: edsger._id, revision: '77', locale: 'nl-NL' } }, // fails: it is another revision
], { returnEntity: true });
await v5('bulkUpsertContacts', [
  { contact: { name: { first: 'Grace', last: 'Example' }, email: { email: 'grace@example.com' } } },
  { contact: { email: { email: 'new@example.com' } } },
], { returnEntity: true, upsertMode: 'OVERWRITE', updateMember: false });
await v5('bulkUpdateContactTags', [linus._id, edsger._id], { returnEntity: true, assignTags: tags('tag-3'), unassignTags: tags('tag-4') });
const linusAlone = { 'name.first': 'Linus' };
await v5('bulkUpdateContactTagsByFilter', linusAlone, { assignTags: tags('tag-5'), search: { expression: 'linus' } });
await v5('bulkUpdateContactSubscriptions', linusAlone, { emailSubscriptionStatus: 'SUBSCRIBED' });
await v5('bulkUpdatePhoneCountryCodeByFilter', { filter: linusAlone, countryCode: 'US' });

// Merging, the trash bin, and the end.
const { contact: current } = enveloped(await v5('getContact', id));
await v5('mergeContacts', id, current.revision, { sourceContactIds: [grace._id], preview: true });
await v5('mergeContacts', id, current.revision, { sourceContactIds: [grace._id], preview: false });
await v5('deleteContact', id, { deleteMember: false });
await v5('getContact', id); // fails: it lies in the trash bin
await v5('getDeletedContact', id);
await v5('listDeletedContacts', {
  email: 'ada@example.com', contactIds: [id, linus._id], deletedFromDate: new Date('2024-01-01T00:00:00Z'), paging: { limit: 10 },
});
await v5('restoreContactFromTrashBin', id);
await v5('bulkDeleteContacts', [linus._id, edsger._id], { deleteMembers: false });
await v5('bulkRestoreContactsFromTrashBin', { contactIds: [linus._id], returnEntity: true });
await v5('removeContactFromTrashBin', edsger._id);
await v5('bulkDeleteContactsByFilter', linusAlone, { search: { expression: 'linus' }, deleteMembers: false });

// enveloped gives the contact of methods that may answer it with an envelope or without.
function enveloped(answer) {
  return answer.contact ? answer : { contact: answer };
}
