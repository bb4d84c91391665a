// Reads emails and calendars as mail and calendar programs do, and prints what they understand as JSON.
// Arguments: files with raw emails, in the order in which they arrive.
import { readFile } from 'node:fs/promises';
import { argv, stdout } from 'node:process';
import ICAL from 'ical.js';
import { simpleParser } from 'mailparser';
import ical from 'node-ical';
import PostalMime from 'postal-mime';

const iso = date => new Date(date).toISOString();
const list = value => (Array.isArray(value) ? value : [value]);

async function withMailparser(raw) {
  const mail = await simpleParser(raw);
  return {
    subject: mail.subject,
    from: mail.from.value[0],
    to: mail.to.value[0].address,
    id: mail.messageId,
    text: mail.text,
    html: mail.html,
    files: mail.attachments.map(file => ({
      type: file.contentType, name: file.filename ?? '', content: file.content.toString(),
    })),
  };
}

async function withPostalMime(raw) {
  const mail = await PostalMime.parse(raw, { attachmentEncoding: 'utf8' });
  return {
    subject: mail.subject,
    from: mail.from,
    to: mail.to[0].address,
    id: mail.messageId,
    text: mail.text,
    html: mail.html,
    files: mail.attachments.map(file => ({
      type: file.mimeType, name: file.filename ?? '', content: file.content, method: file.method,
    })),
  };
}

function withIcalJs(content) {
  const calendar = new ICAL.Component(ICAL.parse(content));
  const [component] = calendar.getAllSubcomponents('vevent');
  const event = new ICAL.Event(component);
  return {
    method: calendar.getFirstPropertyValue('method'),
    uid: event.uid,
    sequence: event.sequence,
    start: iso(event.startDate.toJSDate()),
    end: iso(event.endDate.toJSDate()),
    status: component.getFirstPropertyValue('status'),
    summary: event.summary,
    location: event.location,
    alarms: component.getAllSubcomponents('valarm').length,
    class: component.getFirstPropertyValue('class'),
  };
}

function withNodeIcal(content) {
  const parsed = ical.sync.parseICS(content);
  const [event] = Object.values(parsed).filter(item => item.type === 'VEVENT');
  return {
    method: parsed.vcalendar?.method ?? event.method,
    uid: event.uid,
    sequence: Number(event.sequence),
    start: iso(event.start),
    end: iso(event.end),
    status: event.status,
    summary: event.summary,
    location: event.location,
    alarms: list(event.alarms ?? []).length,
    class: event.class,
  };
}

// What a calendar contains after each message, by the rules of RFC 5546: a request adds or replaces an event,
// a cancellation removes it, and a lower SEQUENCE than the stored one is ignored.
function applied(events) {
  const calendar = new Map();
  return events.map(event => {
    const stored = calendar.get(event.uid);
    if (!stored || event.sequence >= stored.sequence) {
      if (event.method === 'CANCEL') calendar.delete(event.uid);
      else calendar.set(event.uid, event);
    }
    return [...calendar.values()].map(entry => entry.start);
  });
}

const calendarOf = mail => mail.files.find(file => file.type === 'text/calendar').content;
const raws = await Promise.all(argv.slice(2).map(file => readFile(file)));
const mails = {
  mailparser: await Promise.all(raws.map(withMailparser)),
  postalMime: await Promise.all(raws.map(withPostalMime)),
};
const contents = mails.mailparser.map(calendarOf);
const events = { icalJs: contents.map(withIcalJs), nodeIcal: contents.map(withNodeIcal) };
stdout.write(JSON.stringify({
  mails,
  events,
  calendars: { icalJs: applied(events.icalJs), nodeIcal: applied(events.nodeIcal) },
}));
