export interface Wanted {
  doctor: string;
  date: string;
  time: string;
  minutes: string;
  note: string;
}
