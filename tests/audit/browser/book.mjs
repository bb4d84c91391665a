/**
 * Books an appointment in Firefox, as a newcomer. Prints `code` when it needs the emailed code, and reads it from
 * the standard input. Arguments: the path of Firefox, the address of a page with times, an email address.
 */
import { createInterface } from 'node:readline/promises';
import puppeteer from 'puppeteer-core';

const [executablePath, url, address] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });

async function book(page) {
  const click = (name) => page.locator(`::-p-xpath(//main//button[contains(., "${name}")])`).click();
  const fill = (id, text) => page.locator(`#${id}`).fill(text);
  const heading = (text) => page.locator(`::-p-xpath(//h1[contains(., "${text}")])`).wait();

  page.on('pageerror', (error) => console.error(error));
  await page.goto(url);
  // The web app has replaced the server's page.
  await page.locator('button.menu-button').wait();
  await page.locator('input[name=slot]:not([id=""]) + label').click();
  await click('Continue');
  await heading('Appointment details');
  await fill('first_name', 'Nadia');
  await fill('last_name', 'New');
  await fill('email', address);
  await click('Continue');
  await heading('Enter the code');
  console.log('code');
  await fill('code', await input.question(''));
  await click('Continue');
  await heading('Check your answers');
  await click('Confirm appointment');
  await heading('Your appointment is booked');
  console.log(await browser.version());
}

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await book(page);
} finally {
  input.close();
  await browser.close();
}
